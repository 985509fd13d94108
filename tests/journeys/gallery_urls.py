"""The product's URLs with the gallery, which otherwise only DEBUG shows."""

from django.urls import path

from leadhub.urls import urlpatterns as product_urls
from leadhub.web.gallery import gallery

urlpatterns = [*product_urls, path("_components/", gallery, name="gallery")]
