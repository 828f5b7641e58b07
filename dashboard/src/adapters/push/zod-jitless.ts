import { z } from 'zod'

// First import of the service worker, as of the live one: zod's probe for `new Function` would be reported as a violation of the
// content security policy.
z.config({ jitless: true })
