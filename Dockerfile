# Python 3.13: every package of requirements.lock has a ready wheel for it, on amd64 and arm64, so
# nothing is compiled and the build needs no compiler.
FROM python:3.13-slim-trixie AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_INPUT=1 \
    PIP_ROOT_USER_ACTION=ignore

WORKDIR /src

# What the service needs goes into an environment of its own, without pip.
COPY requirements.lock ./
RUN python -m venv --without-pip /opt/plumbline \
    && pip --python /opt/plumbline/bin/python install --no-cache-dir --require-hashes \
        --only-binary :all: -r requirements.lock

# What builds the project stays in this stage.
COPY requirements-build.lock ./
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements-build.lock

COPY pyproject.toml LICENSE ./
COPY flows ./flows
COPY content ./content
COPY bot ./bot
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /dist . \
    && pip --python /opt/plumbline/bin/python install --no-cache-dir --no-deps /dist/*.whl


FROM python:3.13-slim-trixie

LABEL org.opencontainers.image.title="Plumbline" \
      org.opencontainers.image.description="A Telegram bot that triages back and foot pain" \
      org.opencontainers.image.vendor="The Plumbline authors" \
      org.opencontainers.image.licenses="Apache-2.0"

ENV PATH=/opt/plumbline/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONUTF8=1

# The ids are fixed so that a mounted folder can be given to them.
RUN pip uninstall --yes --root-user-action ignore pip \
    && groupadd --gid 10001 plumbline \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /app \
        --shell /usr/sbin/nologin plumbline \
    && install --directory --owner 10001 --group 10001 --mode 0700 /app/data

COPY --from=build /opt/plumbline /opt/plumbline

WORKDIR /app
VOLUME ["/app/data"]
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 \
    CMD ["plumbline", "health"]
CMD ["plumbline", "run"]
