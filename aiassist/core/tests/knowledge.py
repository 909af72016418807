"""A small own set: articles of a boutique and an airline, questions they answer, and questions they do not."""

from __future__ import annotations

from typing import NamedTuple


class Article(NamedTuple):
    """A published article."""

    id: str
    title: str
    body: str
    language: str = "en"


ARTICLES = (
    Article(
        "returns",
        "Returning an item",
        "You can return any item within 30 days of delivery, as long as it is unworn and the labels are still on."
        " Please use the return slip that came with your parcel and hand it in at any post office."
        " Returns from within the EU are free of charge.\n\n"
        "Earrings, underwear and items made to measure cannot be returned for reasons of hygiene.",
    ),
    Article(
        "refund-time",
        "When you get your money back",
        "We refund within 5 working days after the parcel has come back to us. The money goes back the way you paid."
        " Your bank may need another two or three days to show it on your statement.\n\n"
        "If you paid with a gift card, you receive a new gift card by e-mail.",
    ),
    Article(
        "exchange",
        "Exchanging for another size or colour",
        "We do not swap items directly. Send the item back as a return and place a new order for the size you need."
        " That way the other size is reserved for you at once.",
    ),
    Article(
        "delivery",
        "Delivery times and costs",
        "Orders placed before noon leave our shop the same day. Delivery within Germany takes 2 to 3 working days,"
        " to other EU countries 4 to 6 working days.\n\n"
        "Delivery costs 4.90 euros and is free from an order value of 75 euros. We do not ship outside the EU.",
    ),
    Article(
        "tracking",
        "Where is my parcel?",
        "As soon as your parcel leaves us you receive an e-mail with a tracking link. It can take up to 24 hours until"
        " the link shows the first movement. If nothing has moved for five working days, write to us and we start a"
        " search with the carrier.",
    ),
    Article(
        "damaged",
        "My item arrived damaged",
        "We are sorry when something arrives broken. Please send us a photo of the damage and of the packaging within"
        " 14 days. You do not need to send the item back before we have answered. We then send you a replacement, or"
        " give you the money back if the item is sold out.",
    ),
    Article(
        "sizes",
        "Finding your size",
        "Our dresses are cut small: if you are between two sizes, take the larger one. Each product page has a table"
        " with chest, waist and hip measurements. Shoes run true to size; the boots model Vela runs half a size large.",
    ),
    Article(
        "care",
        "Washing wool and silk",
        "Wash wool by hand in lukewarm water with wool detergent and dry it flat. Do not wring it.\n\n"
        "Silk can be washed on the silk programme at 30 degrees. Never use bleach or a tumble dryer.",
    ),
    Article(
        "gift-cards",
        "Gift cards",
        "Gift cards are valid for three years from the day of purchase. You can use them for several orders until the"
        " balance is used up. Enter the code at the last step of the checkout. Gift cards cannot be paid out in cash.",
    ),
    Article(
        "cancel-order",
        "Changing or cancelling an order",
        "You can cancel an order free of charge as long as it has not left our shop, usually until noon. Open My orders,"
        " choose the order and press Cancel. The delivery address can be changed in the same place.",
    ),
    Article(
        "payment",
        "Ways to pay",
        "You can pay by credit card, PayPal, bank transfer or invoice. With bank transfer we reserve the goods for seven"
        " days and ship when the money has arrived. Payment by instalments is not possible.",
    ),
    Article(
        "baggage",
        "Baggage allowance",
        "One cabin bag of up to 8 kg and 55 x 40 x 20 cm is included in every fare. A checked bag of up to 23 kg is"
        " included in the Plus fare. In the Basic fare a checked bag can be added for 29 euros per flight until two"
        " hours before departure; at the airport it costs 49 euros.",
    ),
    Article(
        "check-in",
        "Checking in online",
        "## When\nOnline check-in opens 48 hours before departure and closes 60 minutes before.\n\n"
        "## How\nYou need three things:\n1. Open Manage booking on our website.\n"
        "2. Enter your booking code and last name.\n3. Choose a seat and download the boarding pass.\n\n"
        "Check-in at the airport desk costs 15 euros in the Basic fare.",
    ),
    Article(
        "flight-change",
        "Changing the date of a flight",
        "Plus fares can be changed once for free until 24 hours before departure; you only pay the difference in fare."
        " In the Basic fare a change costs 40 euros per person and flight. Changes are made under Manage booking.",
    ),
    Article(
        "delay",
        "My flight is delayed or cancelled",
        "If your flight is cancelled we rebook you free of charge on the next flight with free seats. If you arrive"
        " more than three hours late, you can claim compensation under EU regulation 261/2004 with the form under"
        " Claims. Keep receipts for meals and hotel.",
    ),
    Article(
        "pets",
        "Travelling with pets",
        "Can I take my dog on board?\nSmall dogs and cats up to 8 kg including the carrier may travel in the cabin for"
        " 50 euros per flight. Please tell us at least 48 hours before departure, because only four animals are allowed"
        " per flight. Larger animals are not carried.",
    ),
    Article(
        "error-e417",
        "Error E-417 at checkout",
        "The error E-417 means that your bank has declined the card. Try another card or pay with PayPal. Nothing has"
        " been charged.",
    ),
    Article(
        "name-change",
        "Wrong name on the ticket",
        "Up to three letters of a name can be corrected free of charge. Write to us with your booking code and a copy"
        " of your passport. A ticket cannot be transferred to another person.",
    ),
    Article(
        "umtausch",
        "Umtausch und Rückgabe",
        "Sie können jeden Artikel innerhalb von 30 Tagen nach der Lieferung zurückgeben, solange er ungetragen ist."
        " Bitte legen Sie den Rücksendeschein bei. Die Rücksendung ist innerhalb der EU kostenlos.",
        "de",
    ),
    Article(
        "lieferung",
        "Versand und Lieferzeit",
        "Die Lieferung innerhalb Deutschlands dauert 2 bis 3 Werktage. Der Versand kostet 4,90 Euro und ist ab 75 Euro"
        " Bestellwert kostenlos. Wir liefern nicht außerhalb der EU.",
        "de",
    ),
    Article(
        "bagages",
        "Bagages",
        "Un bagage cabine de 8 kg est inclus dans tous les tarifs. Un bagage en soute de 23 kg peut être ajouté pour"
        " 29 euros par vol jusqu'à deux heures avant le départ.",
        "fr",
    ),
)


class Question(NamedTuple):
    """A customer's message and the articles that answer it; none if nothing does."""

    text: str
    answered_by: tuple[str, ...] = ()
    split: str = "choose"  # "choose" picks thresholds, "check" reports


def _both(*pairs: tuple[str, str]) -> tuple[Question, ...]:
    """Every second question is kept for checking."""
    return tuple(
        Question(text, tuple(answers.split()), "check" if number % 2 else "choose")
        for number, (text, answers) in enumerate(pairs)
    )


ANSWERED = _both(
    ("Hi, the dress does not suit me. How do I send it back?", "returns exchange"),
    ("Can I return earrings that I bought last week?", "returns"),
    ("How long do I have to return something?", "returns"),
    ("I sent my parcel back ten days ago and still have no money. When will I get my refund?", "refund-time"),
    ("How long does a refund take to reach my account?", "refund-time"),
    ("The trousers are too small, can I swap them for a larger size?", "exchange"),
    ("Could I get the blue one instead of the red one I ordered?", "exchange cancel-order"),
    ("How much is shipping to France and how many days does it take?", "delivery"),
    ("Do you deliver to Switzerland?", "delivery"),
    ("My package has not arrived yet. The tracking page shows nothing.", "tracking"),
    ("Where is my order 4029384?", "tracking"),
    ("Hello, the vase arrived in pieces. What now?\n\nBest\nJo", "damaged"),
    ("There is a hole in the jumper you sent me.", "damaged"),
    ("I am between M and L, which size should I take for a dress?", "sizes"),
    ("Are the Vela boots true to size?", "sizes"),
    ("Can I put the silk blouse in the washing machine?", "care"),
    ("How should I wash my wool sweater?", "care"),
    ("How long is a gift card valid?", "gift-cards"),
    ("Can I use my voucher for two orders?", "gift-cards"),
    ("I ordered by mistake, please cancel my order.", "cancel-order"),
    ("I typed the wrong delivery address. Can it be changed?", "cancel-order"),
    ("Do you accept PayPal?", "payment"),
    ("Can I pay in instalments?", "payment"),
    ("How heavy may my hand luggage be?", "baggage"),
    ("What does it cost to add a suitcase to my booking?", "baggage"),
    ("When can I check in online?", "check-in"),
    ("How do I get my boarding pass?", "check-in"),
    ("I need to fly a day later. What does it cost to change my flight?", "flight-change"),
    ("Can I move my booking to another date?", "flight-change"),
    ("Our flight was cancelled, do we get a new one?", "delay"),
    ("We landed five hours late. Am I entitled to compensation?", "delay"),
    ("I would like to bring my cat on the plane.", "pets"),
    ("Is my dog allowed in the cabin?", "pets"),
    ("At checkout I get E-417, what is that?", "error-e417"),
    ("My last name is misspelled on the ticket", "name-change"),
    ("Can my sister use my ticket instead of me?", "name-change"),
    ("Wie lange dauert die Lieferung nach Berlin?", "lieferung delivery"),
    ("Guten Tag, ich möchte ein Kleid zurückgeben. Wie geht das?", "umtausch"),
    ("Was kostet der Versand?", "lieferung"),
    ("Combien coûte un bagage en soute ?", "bagages"),
)

UNANSWERED = _both(
    ("Do you have a job for me as a shop assistant?", ""),
    ("I would like to invite you to speak at our fashion school.", ""),
    ("What is the weather like in Lisbon in May?", ""),
    ("Could you recommend a good restaurant near your shop?", ""),
    ("Your competitor sells the same coat for less. Do you match prices?", ""),
    ("Is the leather of the bag from animals that were treated well?", ""),
    ("My password does not work and I cannot log in to my account.", ""),
    ("Can you send me the invoice with my company's VAT number?", ""),
    ("Do you offer student discounts?", ""),
    ("When does your shop in Hamburg open on Saturdays?", ""),
    ("Please take me off your newsletter.", ""),
    ("I left my jacket on the plane, has anyone found it?", ""),
    ("Do you serve vegan meals on board?", ""),
    ("My daughter is six, can she fly alone?", ""),
    ("We are a wholesaler from Milan and want to sell our scarves to you.", ""),
    ("How many miles do I get for my trip?", ""),
    ("Ist bei Ihnen gerade eine Stelle im Verkauf frei?", ""),
    ("Can I borrow a wheelchair at the gate?", ""),
    ("Write me a poem about the sea.", ""),
    ("Thanks, that was very kind of you!", ""),
)
