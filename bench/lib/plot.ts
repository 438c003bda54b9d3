export interface Curve {
  name: string
  /** One for each place on the axis. */
  values: readonly number[]
  remark: string
}

const HEIGHTS = '▁▂▃▄▅▆▇█'

/** How high each value stands between the least and the most of its curve, in the measure of the axis: what is linear rises like a line. */
function bars(values: readonly number[]): string {
  const most = Math.max(...values)
  return values.map((value) => HEIGHTS[Math.min(HEIGHTS.length - 1, Math.floor((value / most) * (HEIGHTS.length - 1)))] ?? '?').join('')
}

const figure = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))

/** One curve a line: bars, its values, a remark. All begin at zero. */
export function plot(axis: readonly number[], curves: readonly Curve[]): string[] {
  const wide = Math.max(...curves.map(({ name }) => name.length))
  const columns = axis.map((_, i) => Math.max(...curves.map(({ values }) => figure(values[i] ?? NaN).length), String(axis[i]).length))
  const line = (name: string, picture: string, cells: readonly string[], remark: string): string =>
    [name.padEnd(wide), picture.padEnd(axis.length), ...cells.map((cell, i) => cell.padStart(columns[i] ?? 0)), remark].join('  ').trimEnd()
  return [
    line('', '', axis.map(String), ''),
    ...curves.map(({ name, values, remark }) => line(name, bars(values), values.map(figure), remark)),
  ]
}
