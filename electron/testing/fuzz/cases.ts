/** For each decoder: twenty thousand in `npm test`, ten times as many at night. */
const nightly = process.env['SPACEPANDA_NIGHTLY'] === '1'
export const CASES = nightly ? 200_000 : Number(process.env['FZ'] ?? 20_000)
/** A suite may take long where many share the machine; what a case may take is watched by the suite itself. */
export const FUZZ_TIMEOUT_MS = nightly ? 3_600_000 : 300_000
