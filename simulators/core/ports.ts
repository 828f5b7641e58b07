/** The pump's end of a cable. Losing bytes is normal here: a UART does not wait for whoever is at the other end. */
export interface Wire extends AsyncDisposable {
  /** Where a gateway finds it: a device path, or `tcp://host:port`. */
  readonly address: string
  readonly plugged: boolean
  /** What could not be written because the cable was out, nobody was connected or its buffer was full. */
  readonly droppedBytes: number
  /** Replaces the listener for bytes from the other end. */
  onReceived(listener: (bytes: Uint8Array) => void): void
  write(bytes: Uint8Array): void
  /** Pulls the cable: the other end sees its port vanish within milliseconds. Idempotent. */
  unplug(): Promise<void>
  /** Puts the cable back in, under the same address. Idempotent. */
  plug(): Promise<void>
}
