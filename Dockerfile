# One image, one process type per container: docker-compose.yml names the command of each.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY requirements/base.txt requirements/build.txt requirements/
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/build.txt -r requirements/base.txt
COPY . .
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
 && /venv/bin/python manage.py collectstatic --noinput

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /app leadhub
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
USER leadhub
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--no-ws", "--workers", "2", \
     "--blocking-threads", "4", "--blocking-threads-idle-timeout", "600", "--respawn-failed-workers", \
     "leadhub.wsgi:application"]
