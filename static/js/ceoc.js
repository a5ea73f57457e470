// The page's one script: times, keys, drafts, forms, small parts, and what keeps it live. htmx is loaded before it.

import { live } from "./live/live.js"
import { startDrafts } from "./page/drafts.js"
import { startForms } from "./page/forms.js"
import { startKeys } from "./page/keys.js"
import { startParts } from "./page/parts.js"
import { startTimes } from "./page/times.js"
import { startToasts } from "./page/toasts.js"

startTimes()
startParts()
startForms()
startKeys()
startDrafts()
startToasts()
live()
