// "Q0" mode                                  pump -> host (zyno-miva.md 2)
// "Q4" rate-unit
//   free text; "ERROR" is not available

export interface ProgramText {
  readonly type: 'Q0' | 'Q4'
  readonly text: string | null
}

export const parseProgramText =
  (type: 'Q0' | 'Q4') =>
  (data: string): ProgramText => ({ type, text: data === 'ERROR' ? null : data.trim() })
