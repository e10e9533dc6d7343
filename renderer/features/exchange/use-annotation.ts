import type { Annotation } from '../../../shared/model/exchange.ts';
import { useHub, useResource } from '../../lib/hub-context.tsx';
import { type Action, useAction } from '../../lib/use-action.ts';

/** Bookmark and note of an exchange, and how to change them. */
export interface AnnotationControl {
  annotation: Annotation | null;
  action: Action;
  toggleBookmark(): void;
  /** Resolves with whether it was saved. An empty note is none. */
  saveNote(note: string): Promise<boolean>;
}

export function useAnnotation(exchange: number): AnnotationControl {
  const { data: hubData } = useHub();
  const { data } = useResource('annotations');
  const action = useAction();
  const annotation = data?.find((one) => one.exchange === exchange) ?? null;
  const bookmarked = annotation?.bookmarked ?? false;
  const note = annotation?.note ?? null;
  const annotate = async (change: { bookmarked: boolean; note: string | null }): Promise<boolean> => {
    const isDone = await action.run((client) => client.traffic.annotate({ id: exchange, ...change }));
    // The hub announces it too; this shows it at once.
    if (isDone) hubData.refresh('annotations');
    return isDone;
  };
  return {
    annotation,
    action,
    toggleBookmark: () => void annotate({ bookmarked: !bookmarked, note }),
    saveNote: (text) => annotate({ bookmarked, note: text.trim() === '' ? null : text }),
  };
}
