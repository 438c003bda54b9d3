// All that the page waits for. The rest follows once the window is there: it is shown sooner for it.
void import('./start.tsx')
