"""A component takes what it declares, sees nothing else, and says what is wrong."""

import pytest
from django.template import Context, Engine, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils.safestring import SafeString

from leadhub.web.templatetags.leadhub import UnknownIcon

TEMPLATES = {
    "_components/box.html": "{# arguments: title slot? footer? #}[{{ title }}|{{ slot }}|{{ footer }}|{{ secret }}]",
    "_components/bare.html": "no declaration",
    "_components/chip.html": "{# arguments alone: text #}<i>{{ text }}{{ secret }}{{ request.path }}</i>",
}


def render(source: str, **context: object) -> str:
    """Render a page that uses the components above."""
    loaders = [("django.template.loaders.locmem.Loader", TEMPLATES)]
    engine = Engine(loaders=loaders, builtins=["leadhub.web.templatetags.leadhub"])
    return engine.from_string(source).render(Context(context))


def test_content_goes_into_slots() -> None:
    page = '{% component "box" title=name %}in {{ name }}{% slot "footer" %}<b>foot</b>{% endslot %}{% endcomponent %}'

    assert "[Ria|in Ria|<b>foot</b>|]" in render(page, name="Ria")


def test_a_slot_whose_condition_fails_is_empty() -> None:
    footer = '{% slot "footer" %} {% if name %}foot{% endif %} {% endslot %}'
    assert "[a|||]" in render('{% component "box" title="a" %}' + footer + "{% endcomponent %}")


def test_the_page_does_not_leak_into_a_component() -> None:
    assert "[a||]" not in render('{% ui "box" title="a" %}', secret="s3cret")
    assert "s3cret" not in render('{% ui "box" title="a" %}', secret="s3cret")


def test_values_are_escaped() -> None:
    assert "&lt;b&gt;" in render('{% ui "box" title=name %}', name="<b>")


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ('{% ui "box" %}', "needs title"),
        ('{% ui "box" title="a" colour="red" %}', "does not take colour"),
        ('{% ui "bare" %}', "declares its arguments"),
        ('{% ui "box" "a" %}', "name=value"),
        ("{% ui %}", "needs the component's name"),
        (
            '{% component "box" %}{% if name %}{% slot "footer" %}f{% endslot %}{% endif %}{% endcomponent %}',
            "direct child",
        ),
    ],
)
def test_wrong_use_is_named(source: str, complaint: str) -> None:
    with pytest.raises(TemplateSyntaxError, match=complaint):
        render(source)


def test_unknown_icon_is_refused() -> None:
    with pytest.raises(UnknownIcon):
        render('{% icon "no-such-icon" %}')


@pytest.mark.parametrize(
    ("present", "url", "direction"),
    [("", "?q=a&amp;sort=-value", ""), ("-value", "?q=a&amp;sort=value", "descending")],
)
def test_sort_link_turns_round_and_leaves_the_page(present: str, url: str, direction: str) -> None:
    request = RequestFactory().get("/leads/", {"q": "a", "page": "3", **({"sort": present} if present else {})})
    page = Template('{% sort_link "value" as link %}{{ link.url }} {{ link.direction }}')

    assert page.render(Context({"request": request})) == f"{url} {direction}"


def test_what_is_kept_of_the_same_words_tells_safe_ones_from_those_to_be_escaped() -> None:
    chip = '{% ui "chip" text=text %}'

    assert "<i><b></i>" in render(chip, text=SafeString("<b>"), secret="s3cret")
    assert "<i>&lt;b&gt;</i>" in render(chip, text="<b>", request=RequestFactory().get("/queue/"))
    assert "<i>1</i>" in render(chip, text=1)
    assert "<i>True</i>" in render(chip, text=True)
