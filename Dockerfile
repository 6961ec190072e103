# The image of the API and of the executor. Restate is not in it: docker-compose.yml runs the official one.

FROM node:26-bookworm-slim AS base
WORKDIR /app
ENV npm_config_update_notifier=false npm_config_audit=false npm_config_fund=false
COPY package.json package-lock.json ./
COPY packages packages

# The tools that nothing takes at run time. `npm install` keeps to the lock file; `npm ci` refuses it, because jco lists
# packages for platforms that were never published.
FROM base AS tools
RUN npm install

# Builds the engine.
FROM tools AS engine
COPY wit wit
COPY src src
RUN node src/sandbox/engine/build-engine.ts /engines

# Builds the Python engine, from Debian's source packages. CPython is compiled once: the cache of this stage keeps it, and
# after a change of the source a few seconds of linking remain.
FROM tools AS python-engine
COPY wit wit
COPY python/engine python/engine
COPY python/runtime python/runtime
COPY src src
RUN --mount=type=cache,target=/build \
  node src/sandbox/engine/python/build-python-engine.ts /engines/python.engine /build

# Builds the page. It takes the server's own modules along: a preview runs on them.
FROM tools AS web
COPY tsconfig.json ./
COPY scripts scripts
COPY examples examples
COPY src src
COPY python/duranium python/duranium
COPY web web
RUN node scripts/build-web.ts

# What is needed at run time. The base has a Node: the one that npm brings is 200 MB of the same.
FROM base AS dependencies
RUN npm install --omit=dev \
  && rm -rf node_modules/node-*-x64 node_modules/node-*-arm64 node_modules/.bin/node

FROM base
ENV NODE_ENV=production \
  HOST=0.0.0.0 \
  DURANIUM_DATA_DIR=/data \
  DURANIUM_ENGINES_DIR=/app/engines
COPY --from=dependencies /app/node_modules node_modules
COPY --from=dependencies /app/packages packages
COPY migrations migrations
# What the type of a problem opens.
COPY docs/reference/errors.md docs/reference/errors.md
# What the engine is made of says which engine it is: without the WIT it would not be found.
COPY wit wit
COPY src src
COPY --from=engine /engines engines
COPY --from=python-engine /engines engines
COPY --from=web /app/web/dist web/dist
# A new volume takes over the owner of the folder that it is mounted on.
RUN install --directory --owner=node --group=node /data
USER node
VOLUME /data
EXPOSE 3000 9080
# Both roles answer it.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "--eval", "fetch('http://127.0.0.1:' + (process.env.PORT ?? 3000) + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/main.ts"]
