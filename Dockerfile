# The server's image for Docker. Containerfile is its twin for Podman.
# They differ where a line says so, and nowhere else: a test compares them.

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
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# The packages: a layer that stays until a project file changes.
FROM toolchain AS restored
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY McpQdrant.ServiceDefaults/McpQdrant.ServiceDefaults.csproj McpQdrant.ServiceDefaults/
COPY McpQdrant.Server/McpQdrant.Server.csproj McpQdrant.Server/
RUN . /target && dotnet restore McpQdrant.Server -r "$rid"

# The server, and what the image takes from it: one folder a layer, the one that changes least first.
# The times of the files are fixed, so that the same content is the same layer.
FROM restored AS published
COPY . .
ARG VERSION=
RUN . /target \
    && dotnet publish McpQdrant.Server --no-restore -c Release -r "$rid" -o /published \
        -p:ContinuousIntegrationBuild=true -p:ObjCopyName="$triple-objcopy" ${VERSION:+-p:Version="$VERSION"} \
    && mkdir -p /image/model/app /image/libraries/app /image/server/app /image/server/usr/local/bin /image/data/data \
    && mv /published/models /image/model/app/ \
    && mv /published/libonnxruntime.so /published/libe_sqlite3.so /image/libraries/app/ \
    && mv /published/mcp-server-qdrant LICENSE NOTICE /image/server/app/ \
    && ln -s /app/mcp-server-qdrant /image/server/usr/local/bin/mcp-server-qdrant \
    && chmod -R u=rwX,go=rX /image \
    && find /image -exec touch --no-dereference --date=2000-01-01T00:00:00Z {} +

FROM ${RUNTIME_IMAGE} AS server
COPY --from=published /image/model/ /
COPY --from=published /image/libraries/ /
COPY --from=published /image/server/ /
COPY --from=published --chown=1654:1654 /image/data/ /

# The base asks ASP.NET Core for port 8080, and the server has a setting of its own. Memories that aren't in Qdrant are kept in the volume.
ENV ASPNETCORE_HTTP_PORTS= \
    FASTMCP_HOST=0.0.0.0 \
    FASTMCP_PORT=8000 \
    XDG_DATA_HOME=/data
VOLUME /data
EXPOSE 8000
USER 1654
ENTRYPOINT ["mcp-server-qdrant"]
CMD ["--transport", "http"]
