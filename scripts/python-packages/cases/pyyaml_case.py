import yaml

text = """
order: &order {id: 7, paid: true, at: 2026-01-31}
copies: [*order, *order]
text: |
  two
  lines
"""


async def run(_ctx, _payload):
    value = yaml.safe_load(text)
    value["order"]["at"] = value["order"]["at"].isoformat()
    try:
        yaml.safe_load("a: [")
    except yaml.YAMLError as error:
        place = [error.problem_mark.line, error.problem_mark.column]
    return [value["text"], yaml.safe_dump(value, sort_keys=True), place]
