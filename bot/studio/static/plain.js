// A room without a script of its own.

import { ready } from "./kit.js";

ready();
