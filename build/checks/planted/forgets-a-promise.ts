const later = async (): Promise<void> => {
  await Promise.resolve()
}

export const forget = (): void => {
  later()
}
