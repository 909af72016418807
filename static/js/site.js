// Pages outside the desk (portal, help, trust, account): only the small habits.
import { startUi } from "./ui.js";

startUi();
