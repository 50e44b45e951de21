"""``relevance``: how well the search answers the questions whose right answers are known."""

import argparse
from typing import Any

from indexer.relevance import Score, founding_judgements, measure
from portal import milestones
from portal.commands.exits import BELOW_FLOOR, OK
from portal.commands.house import opened
from portal.commands.progress import say
from portal.settings import Settings


def add_relevance(commands: Any) -> None:
    parser = commands.add_parser(
        "relevance",
        help="misura la ricerca sulle domande di cui si conosce la risposta",
        description="Pone le domande attese alla raccolta di questa cartella, dice a che posto"
        " sta ogni risposta giusta fra le prime dieci e calcola nDCG@10, MRR@10 e Recall@10. Esce"
        f" con {BELOW_FLOOR} se la media di nDCG@10 è sotto il minimo accettato.",
    )
    parser.set_defaults(run=score)


def score(arguments: argparse.Namespace, settings: Settings) -> int:
    judged = founding_judgements()
    with opened(settings) as house:
        outcome = measure(house.services.engine, judged.questions)
        titles = {
            record.public_id: record.title
            for record in house.services.reader.public_records(
                public_id for question in judged.questions for public_id in question.expected
            )
        }
    ndcg = outcome.ndcg.mean
    milestones.note(settings.home, milestones.RELEVANCE, ndcg=ndcg, floor=judged.floor)
    for each in outcome.scores:
        say(_lines(each, titles))
    say(
        f"nDCG@10 {ndcg:.3f} (minimo {judged.floor:.3f}), "
        f"MRR@10 {outcome.reciprocal_rank.mean:.3f}, Recall@10 {outcome.recall.mean:.3f}"
    )
    return OK if ndcg >= judged.floor else BELOW_FLOOR


def _lines(each: Score, titles: dict[str, str]) -> str:
    places = "\n".join(
        f"    {place or '-':>3}  {titles.get(public_id, 'scheda non pubblicata')}"
        for public_id, place in each.ranks
    )
    return f"{each.ndcg:.2f}  {each.judged.question}\n{places}"
