# check=error=true
# The server's image, for Docker. The Containerfile is its twin for Podman: a line that is different there stands below a comment that
# begins with "Docker:" here and "Podman:" there and says why. A test compares the rest. The first line makes warnings errors.

# The bases, for both platforms. scripts/pin-bases.sh adds their digests (@sha256:…) here and in the Containerfile.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0-noble-aot
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled

# Everything is compiled on the builder's own processor, for the target's: no emulation.
# /target says what that is. (Older Podman sets TARGETARCH only when it is given a platform.)
FROM --platform=$BUILDPLATFORM ${SDK_IMAGE} AS toolchain
ARG TARGETARCH
RUN case "${TARGETARCH:-$(dpkg --print-architecture)}" in \
        amd64) echo "rid=linux-x64 triple=x86_64-linux-gnu packages='gcc-x86-64-linux-gnu libc6-dev-amd64-cross'" ;; \
        arm64) echo "rid=linux-arm64 triple=aarch64-linux-gnu packages='gcc-aarch64-linux-gnu libc6-dev-arm64-cross'" ;; \
        *) echo "There is no image for $TARGETARCH: amd64 and arm64 are built." >&2; exit 1 ;; \
    esac >/target \
    && . /target \
    && if ! command -v "$triple-objcopy" >/dev/null; then \
        apt-get update && apt-get install -y --no-install-recommends $packages && rm -rf /var/lib/apt/lists/*; \
    fi
WORKDIR /source
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_EnableDiagnostics=0

# What says which packages there are: the project files. Their times are fixed, so that the layers which take them stay until one of them changes.
FROM toolchain AS projects
COPY . .
RUN find . -type f ! -name '*.csproj' ! -name '*.props' ! -name global.json -delete \
    && find . -type d -empty -delete \
    && find . -exec touch --date=2000-01-01T00:00:00Z {} +

# The packages of the server.
FROM toolchain AS restored
COPY --from=projects /source/ ./
RUN . /target && dotnet restore McpQdrant.Server -r "$rid"

# The server, and what the image takes from it: one folder a layer, the one that changes least first. MODELS names a model to have besides
# the one that ships, for instance multilingual-e5-small.
# The times of the files are fixed, so that the same content is the same layer.
FROM restored AS published
COPY . .
ARG VERSION=
ARG MODELS=
RUN . /target \
    && dotnet publish McpQdrant.Server --no-restore -c Release -r "$rid" -o /published \
        -p:ContinuousIntegrationBuild=true -p:ObjCopyName="$triple-objcopy" ${VERSION:+-p:Version="$VERSION"} ${MODELS:+-p:Models="$MODELS"} \
    && mkdir -p /image/model/app /image/libraries/app /image/server/app /image/server/usr/local/bin /image/folders/data /image/folders/keys \
    && mv /published/models /image/model/app/ \
    && mv /published/libonnxruntime.so /published/libe_sqlite3.so /image/libraries/app/ \
    && mv /published/mcp-server-qdrant LICENSE NOTICE /image/server/app/ \
    && ln -s /app/mcp-server-qdrant /image/server/usr/local/bin/mcp-server-qdrant \
    && chmod -R u=rwX,go=rX /image \
    && find /image -exec touch --no-dereference --date=2000-01-01T00:00:00Z {} +

# What the compose tests run: the tests in McpQdrant.Tests/Containers, on the builder's platform.
FROM toolchain AS tests
COPY --from=projects /source/ ./
RUN dotnet restore McpQdrant.Tests
COPY . .
RUN dotnet build McpQdrant.Tests --no-restore -c Release && rm -rf /tmp/*
ENV HOME=/tmp
WORKDIR /tmp
USER 1654
ENTRYPOINT ["dotnet", "/source/McpQdrant.Tests/bin/Release/net10.0/McpQdrant.Tests.dll", "-noColor", "-noLogo"]
CMD ["-failSkips", "-class", "McpQdrant.Tests.Containers.ServerImageTests"]

# What scripts/test-containers.sh takes for Qdrant where Qdrant's own image can't be had. It is started as that one is.
FROM tests AS qdrant-stand-in
USER 0
RUN install --directory --owner 1000 --group 1000 /qdrant/storage /qdrant/snapshots \
    && printf '#!/bin/sh\nexec dotnet /source/McpQdrant.Tests/bin/Release/net10.0/McpQdrant.Tests.dll -explicit only -class McpQdrant.Tests.Containers.QdrantStandInHost\n' >/qdrant/entrypoint.sh \
    && chmod 755 /qdrant/entrypoint.sh
WORKDIR /qdrant
USER 1000
ENTRYPOINT []
CMD ["./entrypoint.sh"]

# Docker: the target's platform goes without saying, and BuildKit's checks refuse to have it said.
FROM ${RUNTIME_IMAGE} AS server
COPY --from=published /image/model/ /
COPY --from=published /image/libraries/ /
COPY --from=published /image/server/ /
COPY --from=published --chown=1654:1654 /image/folders/ /

# Whoever reaches the container reaches the server; without authentication the server refuses to start there.
# The base has 8080 in ASPNETCORE_HTTP_PORTS; the server's own default is 8000, and a platform may name another by HTTP_PORTS or PORT.
# Memories that are not in Qdrant are kept in the user's data folder: the volume.
# ONNX Runtime would report its use to its maker; this it reads before anything else.
# EMBEDDING_MODEL is empty, which means the model that ships, unless the image is built for another one.
ARG EMBEDDING_MODEL=
ENV FASTMCP_HOST=0.0.0.0 \
    EMBEDDING_MODEL=${EMBEDDING_MODEL} \
    ASPNETCORE_HTTP_PORTS= \
    XDG_DATA_HOME=/data \
    ORT_DISABLE_TELEMETRY=1
LABEL org.opencontainers.image.title="McpQdrant" \
      org.opencontainers.image.description="A Model Context Protocol server that gives agents a lasting semantic memory in Qdrant." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="https://github.com/mcpqdrant/mcp-server-qdrant" \
      org.opencontainers.image.documentation="https://github.com/mcpqdrant/mcp-server-qdrant/blob/main/docs/images.md" \
      org.opencontainers.image.vendor="The McpQdrant authors" \
      io.modelcontextprotocol.server.name="io.github.mcpqdrant/mcp-server-qdrant" \
      io.docker.server.metadata="{name: mcp-server-qdrant, title: McpQdrant, type: server, description: 'A lasting semantic memory for agents, in Qdrant or in a volume.', command: [--transport, stdio], volumes: ['mcp-server-qdrant:/data'], secrets: [{name: mcp-server-qdrant.api_key, env: QDRANT_API_KEY}], env: [{name: QDRANT_URL, value: '{{mcp-server-qdrant.qdrant_url}}'}, {name: COLLECTION_NAME, value: '{{mcp-server-qdrant.collection_name}}'}, {name: QDRANT_READ_ONLY, value: '{{mcp-server-qdrant.read_only}}'}], config: [{name: mcp-server-qdrant, type: object, properties: {qdrant_url: {type: string}, collection_name: {type: string}, read_only: {type: boolean}}}]}"
VOLUME /data
EXPOSE 8000
USER 1654
ENTRYPOINT ["mcp-server-qdrant"]
CMD ["--transport", "http"]
