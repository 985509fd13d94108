"""Converting a lead, changing its deals, winning and losing them, on the lead's page."""

from decimal import Decimal

from django.test import Client

from leadhub.leads.models import Lead, Opportunity, Stage
from tests.desk.acts import post


def test_converted_with_an_amount_and_won(browser: Client, lead: Lead) -> None:
    assert post(browser, lead, "opportunities", name="Windows", amount="-1").status_code == 422
    post(browser, lead, "opportunities", name="Windows", amount="4200")
    deal = Opportunity.objects.get()
    lead.refresh_from_db()
    assert [lead.stage, lead.pipeline_value] == [Stage.OPPORTUNITY, Decimal(4200)]

    post(browser, lead, f"opportunities/{deal.pk}/closing", result="won", amount="4000", reason="Quick answer")

    lead.refresh_from_db()
    assert [lead.stage, lead.sales_value, lead.pipeline_value] == [Stage.CUSTOMER, Decimal(4000), Decimal(0)]


def test_an_open_deal_is_changed_on_the_page(browser: Client, lead: Lead) -> None:
    post(browser, lead, "opportunities", name="Windows", amount="4200")
    deal = Opportunity.objects.get()
    page = browser.get(f"/leads/{lead.pk}/").content.decode()
    assert f"/leads/{lead.pk}/opportunities/{deal.pk}/" in page
    assert 'value="4200"' in page

    refused = post(browser, lead, f"opportunities/{deal.pk}", name="Windows", amount="much")
    assert "Amount: Enter a number." in refused.content.decode()
    post(browser, lead, f"opportunities/{deal.pk}", name="Windows and doors", amount="5100")

    deal.refresh_from_db()
    lead.refresh_from_db()
    assert (deal.name, lead.pipeline_value) == ("Windows and doors", Decimal(5100))


def test_a_loss_needs_a_reason_at_the_field(browser: Client, lead: Lead) -> None:
    for name, amount in (("Windows", 4200), ("Doors", 900)):
        post(browser, lead, "opportunities", name=name, amount=amount)
    deal = Opportunity.objects.get(name="Windows")

    refused = post(browser, lead, f"opportunities/{deal.pk}/closing", result="lost", amount="3999")
    page = refused.content.decode()
    assert (refused.status_code, page.count("Say why it was lost.")) == (422, 1)
    assert f'id="deal-final-{deal.pk}" name="amount" inputmode="decimal" value="3999"' in page
    assert 'inputmode="decimal" value="900"' in page

    post(browser, lead, f"opportunities/{deal.pk}/closing", result="lost", reason="Too dear")
    deal.refresh_from_db()
    assert deal.stage == "lost"
