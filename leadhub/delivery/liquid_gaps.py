"""Leave an output out where it faults on a value, rather than the whole mail. Called by `liquid`.

The whole `{{ … }}` goes, not one filter of it: what the next filters made of nothing could be a false number.
"""

from typing import TextIO

from liquid import RenderContext
from liquid.builtin.output import Output, OutputNode
from liquid.exceptions import LiquidError
from liquid.stringify import to_liquid_string

# What filters let through for odd values: the date of year 3170843, the floor of infinity, the first letter of none.
ESCAPED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class _GapNode(OutputNode):
    """An output that may be nothing."""

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        """Write what the expression is, or nothing; what it writes still counts against the limits."""
        try:
            text = to_liquid_string(self.expression.evaluate(context), context.autoescape)
        except (LiquidError, *ESCAPED):
            return 0
        return buffer.write(text)


class GapOutput(Output):
    """The output tag that makes them."""

    node_class = _GapNode
