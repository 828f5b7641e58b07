// Placeholder for the decider's types until the engine lands in the next commit.
export type AlarmEvent = { readonly type: string }
