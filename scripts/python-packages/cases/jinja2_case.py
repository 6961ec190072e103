import jinja2

environment = jinja2.Environment(autoescape=True, trim_blocks=True)
environment.filters["money"] = lambda cents: f"{cents / 100:.2f}"
template = environment.from_string(
    "{% macro row(item) %}{{ item.name }}: {{ item.cents | money }}{% endmacro %}"
    "{% for item in items %}{{ row(item) }}{% if not loop.last %}, {% endif %}{% else %}none{% endfor %} {{ note }}"
)


async def run(_ctx, _payload):
    items = [{"name": "tea", "cents": 450}, {"name": "<b>", "cents": 5}]
    try:
        jinja2.Template("{% if %}")
    except jinja2.TemplateSyntaxError as error:
        failure = [error.lineno, str(error)]
    return [template.render(items=items, note="a & b"), template.render(items=[], note=""), failure]
