import { useEffect, useState } from 'react'
import type { MessageId } from '../../../shared/domain/ids.ts'
import type { Place } from './landing.ts'

/** Long enough to find it with the eye, in milliseconds. */
const SHOWN_MS = 2_500

/** The message that was jumped to, for a moment after every jump; else null. */
export function useLanded(place: Place): MessageId | null {
  const [seen, setSeen] = useState<Place | null>(null)
  useEffect(() => {
    const timer = setTimeout(() => setSeen(place), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [place])
  return place.kind === 'message' && seen !== place ? place.messageId : null
}
