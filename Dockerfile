# The bot in a container of its own. docs/deploy.md tells how to run it.

FROM node:24.21.0-bookworm-slim AS build
# The list of what is in the image (SBOM) names the packages of this stage: in the bundle they are gone.
ARG BUILDKIT_SBOM_SCAN_STAGE=true
WORKDIR /app
COPY package.json package-lock.json ./
# Nothing needs building but the bot itself, so no package runs a script of its own here.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY src ./src
RUN node src/bundle.ts
# What the bundle still loads from its packages: the program that draws charts, and two of its fonts.
RUN install -d /bot/node_modules/.cache /bot/node_modules/@expo-google-fonts/inter \
  && cp -r node_modules/.cache/account-bot /bot/node_modules/.cache/ \
  && cp -r node_modules/@resvg /bot/node_modules/ \
  && cd node_modules/@expo-google-fonts/inter \
  && cp -r package.json LICENSE_FONT 400Regular 600SemiBold /bot/node_modules/@expo-google-fonts/inter/

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production \
    DATA_DIR=/data \
    HTTP_PORT=9464
WORKDIR /app
# Before the volume is declared: a new volume takes over the owner of what it covers.
RUN install -d -o node -g node -m 0700 /data
COPY --from=build /bot ./
RUN install -d -o node -g node -m 0755 node_modules/.cache/account-bot-compiled
USER node
# Leaves what Node compiles in the image, for a quick start; this one ends for want of settings.
RUN node node_modules/.cache/account-bot/main.mjs run || true
VOLUME /data
# Asks /healthz, which answers while the bot waits for Telegram too.
HEALTHCHECK --interval=60s --timeout=20s --start-period=60s --retries=3 \
  CMD ["node", "node_modules/.cache/account-bot/main.mjs", "health"]
# Node itself, without a shell or npm in between: the signal to stop reaches it. The young objects of
# a busy hour stay in 34 MB, where Node by itself lets them take 134.
ENTRYPOINT ["node", "--max-semi-space-size=16", "node_modules/.cache/account-bot/main.mjs"]
CMD ["run"]
