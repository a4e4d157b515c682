# The bot in a container of its own. docs/deploy.md tells how to run it.

FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# Nothing needs building, so no package runs a script of its own here.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
# googleapis brings every interface that Google has; the bot speaks to Sheets alone.
RUN find node_modules/googleapis/build/src/apis -mindepth 1 -maxdepth 1 ! -name sheets -exec rm -rf {} + \
  && find node_modules -type f \( -name '*.d.ts' -o -name '*.map' \) -delete

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production \
    DATA_DIR=/data
WORKDIR /app
# Before the volume is declared: a new volume takes over the owner of what it covers.
RUN install -d -o node -g node -m 0700 /data
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY src ./src
RUN install -d -o node -g node -m 0755 node_modules/.cache
USER node
# Leaves what Node compiles in the image: each start and each health check takes half the time.
RUN node src/main.ts --version
VOLUME /data
# The journal is locked by the bot, so the check looks at the sign of life in /data.
HEALTHCHECK --interval=60s --timeout=20s --start-period=60s --retries=3 \
  CMD ["node", "src/main.ts", "health"]
# Node itself, without a shell or npm in between: the signal to stop reaches it.
CMD ["node", "src/main.ts", "run"]
