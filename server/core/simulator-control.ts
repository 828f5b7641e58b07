/** What the control port of simulated pumps said. `refused`: its own words. */
export type ControlAnswer<T> =
  | { readonly kind: 'done'; readonly body: T }
  | { readonly kind: 'refused'; readonly status: 400 | 404 | 409 | 429; readonly why: string }
  /** Nobody answers there, or not as a control port does. */
  | { readonly kind: 'away' }

/** The control port of simulated pumps on this machine: docs/simulators.md, "The control port". */
export interface SimulatorControl {
  get(path: string): Promise<ControlAnswer<unknown>>
  post(path: string, body: object): Promise<ControlAnswer<unknown>>
  text(path: string): Promise<ControlAnswer<string>>
  /** Goes on until `ended` or until the reader leaves. */
  stream(path: string, ended: AbortSignal): Promise<ControlAnswer<ReadableStream<Uint8Array>>>
}
