import type { ChartData, Lane } from '#dashboard/core/chart-series.ts'

interface Spark {
  readonly data: ChartData
  readonly lane: Lane
  /** When the alarm began: a line across the lane. */
  readonly startedAt: number
  readonly isStepped: boolean
}

const pad = 4
const hatchEvery = 7

/** One small lane on a canvas: a line that breaks at gaps, and gaps as hatch. */
export const drawSpark = (canvas: HTMLCanvasElement, { data, lane, startedAt, isStepped }: Spark): void => {
  const context = canvas.getContext('2d')
  if (context === null) return
  const scale = devicePixelRatio
  const width = canvas.clientWidth
  const height = canvas.clientHeight
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round(height * scale)
  context.setTransform(scale, 0, 0, scale, 0, 0)
  const style = getComputedStyle(canvas)
  const ink = (name: string): string => style.getPropertyValue(name).trim()
  const at = (ms: number): number => ((ms - data.from) / (data.to - data.from)) * width
  const top = Math.max(1, ...lane.y.map((value) => value ?? 0))
  const y = (value: number): number => height - pad - (value / top) * (height - 2 * pad)

  context.strokeStyle = ink('--hatch')
  for (const gap of data.gaps) hatch(context, Math.max(0, at(gap.from)), Math.min(width, at(gap.to)), height)
  context.fillStyle = ink('--line')
  context.fillRect(0, height - 1, width, 1)
  context.fillStyle = ink('--alarm-edge')
  if (startedAt > data.from) context.fillRect(at(startedAt) - 1, 0, 2, height)

  context.strokeStyle = ink('--text')
  context.lineWidth = 1.5
  context.beginPath()
  let before: number | null = null
  for (const [index, seconds] of lane.x.entries()) {
    const value = lane.y[index] ?? null
    const x = at(seconds * 1000)
    if (value === null) {
      before = null
      continue
    }
    if (before === null) context.moveTo(x, y(value))
    else {
      if (isStepped) context.lineTo(x, y(before))
      context.lineTo(x, y(value))
    }
    before = value
  }
  context.stroke()
}

const hatch = (context: CanvasRenderingContext2D, from: number, to: number, height: number): void => {
  if (to <= from) return
  context.save()
  context.beginPath()
  context.rect(from, 0, to - from, height)
  context.clip()
  context.beginPath()
  for (let x = from - height; x < to; x += hatchEvery) {
    context.moveTo(x, height)
    context.lineTo(x + height, 0)
  }
  context.stroke()
  context.restore()
}
