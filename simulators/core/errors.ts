export type SimulatorErrorCode =
  | 'SIM_CONFIG_INVALID'
  | 'SIM_PTY_UNAVAILABLE'
  | 'SIM_PORT_TAKEN'
  | 'SIM_BROKER_UNREACHABLE'
  | 'SIM_SERVER_REFUSED'
  | 'SIM_UNKNOWN_PUMP'
  | 'SIM_UNKNOWN_ACT'

/** Every error the simulators throw on purpose. Programs branch on `code`; the message is for people. */
export class SimulatorError extends Error {
  readonly code: SimulatorErrorCode

  constructor(code: SimulatorErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.name = 'SimulatorError'
    this.code = code
  }

  /** Whether the same attempt may succeed later without anybody's help. */
  get retryable(): boolean {
    switch (this.code) {
      case 'SIM_BROKER_UNREACHABLE':
      case 'SIM_SERVER_REFUSED':
        return true
      case 'SIM_CONFIG_INVALID':
      case 'SIM_PTY_UNAVAILABLE':
      case 'SIM_PORT_TAKEN':
      case 'SIM_UNKNOWN_PUMP':
      case 'SIM_UNKNOWN_ACT':
        return false
    }
  }
}
