"""Template filters and tags of the product; a builtin in every template."""

from django import template

register = template.Library()
