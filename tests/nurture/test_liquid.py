"""What a member writes in a template can neither reach out nor run away."""

import pytest

from leadhub.delivery.liquid import TemplateFault, list_unknown, render_mail

VALUES = {"person": {"name": "Grace"}, "long": "x" * 200}


@pytest.mark.parametrize(
    "template",
    [
        "{% if %}",
        "{{ person.name | nope }}",
        "{% include 'secrets' %}",
        "{% render 'secrets' %}",
        "{% for i in (1..100000) %}x{% endfor %}",
        "{% for i in (1..1000) %}{{ long }}{{ long }}{% endfor %}",
        "{% assign a = 'x' %}{% for i in (1..1500) %}{% assign a = a | append: a %}{% endfor %}",
        "{{ (1..9999999999) | join }}",
        "{% assign r = (1..9999999999) %}{{ 'a' | split: '' | concat: r | size }}",
        "{% capture a %}{% for i in (1..1000) %}{{ long }}{% endfor %}{% endcapture %}{{ a | replace: 'x', a }}",
        "{{ 'x'" + " | base64_encode" * 200 + " }}",
        "{{ '99999999999999' | date: '%Y' }}",
        "{{ 'inf' | floor }}",
        "{{ 'a' | sum }}",
        "{% if a %}" * 50 + "{% endif %}" * 50,
        "{% for i in (1..300) %}{% assign n = (1..2000) | join: ',' | split: ',' | uniq | size %}{% endfor %}",
        "{% for i in (1..300) %}{% assign n = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' | replace: 'a', '"
        + "b" * 4000
        + "'"
        + " | upcase | downcase" * 500
        + " | size %}{% endfor %}",
        "{% for i in (1..9) %}{{ '" + "1 " * 9000 + "' | date: '%Y' }}{% endfor %}",
        "<p>{{ '" + "a" * 6000 + "' | replace: 'a', '<div>' | raw }}",
        "<p>{% for i in (1..300) %}" + "<div>" * 100 + "{% endfor %}",
        "{{" + " " * 19_000 + "}}",
        "{" * 19_000,
        "{% comment %}" + ("{% endcomment" + " " * 20) * 500,
        "x" * 20_001,
    ],
)
def test_faults_name_their_part(template: str) -> None:
    with pytest.raises(TemplateFault) as fault:
        render_mail(subject="Hello", body=template, values=VALUES)
    assert fault.value.field == "body"


def test_nothing_but_the_values_is_reachable() -> None:
    mail = render_mail(subject="{{ person.__class__ }}!", body="{{ settings }}{{ person.name }}", values=VALUES)
    assert (mail.subject, mail.text, mail.html) == ("!", "Grace\n", "")


def test_a_subject_is_one_line() -> None:
    assert render_mail(subject="a\r\nBcc: eve", body="b", values={}).subject == "a Bcc: eve"


@pytest.mark.parametrize(
    ("template", "unknown"),
    [
        ("{{ person.name }} {{ person['name'] | upcase }} {{ person.name.size }}", []),
        ("{{ person.nmae | default: 'you' }} {{ persn.name }}", ["person.nmae", "persn.name"]),
        ("{% assign who = person.name %}{{ who }}{% for part in person.fields.list %}{{ part.x }}{% endfor %}", []),
        ("{{ fields.roof }}", ["fields.roof"]),
        ("{{ person[person.name] }} {% include 'secrets' %}", []),
        ("{% if %}", []),
    ],
)
def test_names_that_nobody_has_are_listed(template: str, unknown: list[str]) -> None:
    assert list_unknown(template, values=VALUES) == unknown
