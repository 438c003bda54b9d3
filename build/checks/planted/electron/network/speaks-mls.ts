import * as mls from 'ts-mls'

export const names = Object.keys(mls)
