import { z } from 'zod'

// First import of the worker: zod's probe for `new Function`, made when the first object schema is built, would be reported as
// a violation of the page's content security policy.
z.config({ jitless: true })
