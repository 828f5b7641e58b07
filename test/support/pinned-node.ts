// Tests prove something about the runtime we ship, so they refuse to run on another one.
const pinned = 'v24.21.0'
if (process.version !== pinned)
  throw new Error(`Tests run on Node ${pinned}, this is ${process.version}. Start them with "npm test".`)
