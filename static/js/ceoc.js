// The page's one script: times, keys, palette, focus, drafts, forms, small parts, who is beside, rings, and what keeps it live.
// htmx is loaded before it.

import { live } from "./live/live.js"
import { startBack } from "./page/back.js"
import { startBeside } from "./page/beside.js"
import { startDrafts } from "./page/drafts.js"
import { startFocus } from "./page/focus.js"
import { startForms } from "./page/forms.js"
import { startKeys } from "./page/keys.js"
import { startLooking } from "./page/looking.js"
import { byId } from "./page/meta.js"
import { startPalette } from "./page/palette.js"
import { startParts } from "./page/parts.js"
import { startRing } from "./page/ring.js"
import { startRows } from "./page/rows.js"
import { startTimes } from "./page/times.js"
import { startToasts } from "./page/toasts.js"

startTimes()
startParts()
startForms()
startRows()
startKeys()
startPalette()
startFocus()
startBack()
startDrafts()
startToasts()
startRing()
startBeside()
startLooking()
live()
if (byId("own-follow")) import("./later/follow.js").then(({ startFollow }) => startFollow()) // a shadow's page
