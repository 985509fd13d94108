"""Every tool, in the order in which agents are told them: who one is, what there is to see, what there is to do.

Called by `binding`. The words are an agent's only manual: what the tool is for, what it needs, what it answers.
"""

from leadhub.mcp.catalogue.looking import LOOKING
from leadhub.mcp.catalogue.reporting import REPORTING
from leadhub.mcp.catalogue.steering import STEERING
from leadhub.mcp.catalogue.working import WORKING

TOOLS = (*LOOKING, *WORKING, *REPORTING, *STEERING)
