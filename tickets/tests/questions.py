"""Questions as customers type them, in three languages, with the article of a shop that answers each; and others."""

from __future__ import annotations

#: (question, key of the starter article)
EN = [
    ("my package has not arrived yet", "order-status"),
    ("tracking", "order-status"),
    ("How much is shipping?", "delivery"),
    ("do you send to Norway", "abroad"),
    ("will I have to pay customs", "abroad"),
    ("I want to send the dress back", "returns"),
    ("how many days do i have to return", "returns"),
    ("money not back on my account", "refund"),
    ("the shoes are too small, I need a bigger size", "exchange"),
    ("the vase came broken", "damaged"),
    ("one item is missing from the box", "damaged"),
    ("cancel my order please", "change-order"),
    ("wrong address in my order can you change it", "change-order"),
    ("can I use paypal", "payment"),
    ("do you accept credit cards", "payment"),
    ("my voucher code", "gift-cards"),
    ("zipper broke after three months", "warranty"),
    ("are you open on saturday", "shop-hours"),
    ("can i pick it up in the store", "shop-hours"),
    ("retrun an itme", "returns"),
    ("delivary cost", "delivery"),
    ("gift crad valid", "gift-cards"),
]
DE = [
    ("Mein Paket ist noch nicht angekommen", "order-status"),
    ("Sendungsverfolgung", "order-status"),
    ("Wie teuer ist der Versand?", "delivery"),
    ("Versandkosten", "delivery"),
    ("Schicken Sie auch nach Norwegen?", "abroad"),
    ("Muss ich Zoll zahlen?", "abroad"),
    ("Ich möchte das Kleid zurückschicken", "returns"),
    ("Rücksendung", "returns"),
    ("Wie lange kann ich etwas zurückgeben?", "returns"),
    ("Wann kommt meine Erstattung?", "refund"),
    ("Das Geld ist noch nicht auf meinem Konto", "refund"),
    ("Schuhe sind zu klein, ich brauche eine andere Größe", "exchange"),
    ("Umtausch", "exchange"),
    ("Die Vase kam zerbrochen und beschädigt an", "damaged"),
    ("Im Paket fehlt ein Artikel", "damaged"),
    ("Bestellung stornieren", "change-order"),
    ("Ich habe eine falsche Adresse angegeben, können Sie meine Bestellung ändern?", "change-order"),
    ("Kann ich mit PayPal bezahlen?", "payment"),
    ("Kauf auf Rechnung", "payment"),
    ("Wie lange ist mein Gutschein gültig?", "gift-cards"),
    ("Der Reißverschluss ist nach drei Monaten kaputt", "warranty"),
    ("Haben Sie am Samstag geöffnet?", "shop-hours"),
    ("Öffnungszeiten", "shop-hours"),
    ("Rüksendung", "returns"),
    ("Gutschien einlösen", "gift-cards"),
]
FR = [
    ("Mon colis n'est pas arrivé", "order-status"),
    ("Combien coûte la livraison ?", "delivery"),
    ("Je voudrais renvoyer la robe", "returns"),
    ("Combien de temps pour retourner un article ?", "returns"),
    ("Quand serai-je remboursé ?", "refund"),
    ("remboursement", "refund"),
    ("Le vase est arrivé cassé", "damaged"),
    ("Annuler ma commande", "change-order"),
    ("Puis-je payer par carte ?", "payment"),
    ("bon cadeau validité", "gift-cards"),
    ("Êtes-vous ouverts le samedi ?", "shop-hours"),
    ("remboursemment", "refund"),
]
#: A shop's help centre has nothing on these.
NOTHING = [
    "who won the world cup",
    "how to cook rice",
    "Can you recommend a doctor",
    "my password does not work",
    "Wie wird das Wetter morgen?",
    "Rezept für Apfelkuchen",
    "recette de crêpes",
    "job application internship",
    "asdf qwertz",
]
#: French articles, shorter than the starters: what a shop of three languages has.
FRENCH = {
    "order-status": (
        "Où est ma commande ?",
        "Dès que votre colis part de chez nous, vous recevez un e-mail avec un lien de suivi. La livraison prend deux à quatre"
        " jours ouvrables. Si le colis n'arrive pas, écrivez-nous avec votre numéro de commande.",
    ),
    "delivery": (
        "Frais et délais de livraison",
        "La livraison coûte 5 euros et elle est gratuite à partir de 80 euros. Elle prend deux à quatre jours ouvrables.",
    ),
    "returns": (
        "Comment retourner un article ?",
        "Vous pouvez renvoyer tout article dans les 30 jours, s'il n'a pas été porté. Écrivez-nous, nous vous envoyons"
        " l'étiquette de retour.",
    ),
    "refund": (
        "Quand suis-je remboursé ?",
        "Nous vous remboursons dans les 14 jours après réception de votre retour, par le même moyen de paiement.",
    ),
    "damaged": (
        "Mon article est arrivé abîmé ou cassé",
        "Nous sommes désolés. Envoyez-nous des photos de l'article et du carton dans les 14 jours : nous le remplaçons.",
    ),
    "change-order": (
        "Modifier ou annuler une commande",
        "Tant que le colis n'est pas parti, écrivez-nous avec votre numéro de commande et ce qui doit changer.",
    ),
    "payment": ("Comment payer ?", "Vous pouvez payer par carte, PayPal ou virement bancaire."),
    "gift-cards": (
        "Bons cadeaux",
        "Nos bons cadeaux sont valables trois ans, sur tout l'assortiment, en plusieurs fois.",
    ),
    "shop-hours": (
        "Horaires de la boutique",
        "Nous sommes ouverts du mardi au samedi de 10 à 18 heures, rue du Port 3.",
    ),
}
