import { TriangleAlert } from 'lucide-react';
import { Component, type ErrorInfo as ReactErrorInfo, type ReactNode } from 'react';
import { messages } from '../messages/messages.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { SafeText } from '../ui/safe-text.tsx';

const text = messages.failure;

interface FailureBoundaryProps {
  /** What would be gone without it. */
  extent: 'screen' | 'window';
  /** Address of what is shown: another one is given a new chance. */
  place: string;
  children: ReactNode;
}

interface FailureState {
  failure: Error | null;
  /** Where it failed. */
  place: string;
}

/**
 * Stands in for what a fault of ours would leave blank, and says that nothing but the view is affected. A class, as
 * React catches errors of drawing in no other way.
 */
export class FailureBoundary extends Component<FailureBoundaryProps, FailureState> {
  override state: FailureState = { failure: null, place: this.props.place };
  /** The parts that were being drawn, from the inside out; known only after the failure is. */
  #parts = '';

  static getDerivedStateFromError(thrown: unknown): Partial<FailureState> {
    return { failure: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  static getDerivedStateFromProps({ place }: FailureBoundaryProps, state: FailureState) {
    return place === state.place ? null : { failure: null, place };
  }

  override componentDidCatch(_thrown: unknown, { componentStack }: ReactErrorInfo): void {
    this.#parts = componentStack ?? '';
  }

  override render(): ReactNode {
    const { failure, place } = this.state;
    const { extent, children } = this.props;
    if (!failure) return children;
    const details = (): string => [place, failure.stack ?? failure.message, this.#parts.trim()].join('\n');
    return (
      <div role="alert" className="h-full bg-surface">
        <EmptyState
          icon={<TriangleAlert />}
          title={text.title[extent]}
          actions={
            <>
              {extent === 'screen' && (
                <Button onClick={() => this.setState({ failure: null })}>{messages.common.retry}</Button>
              )}
              <Button onClick={() => window.location.reload()}>{messages.common.reload}</Button>
              <CopyButton label={text.copy} text={details} />
            </>
          }
        >
          <p>{text.body[extent]}</p>
          <p className="mt-2 font-mono text-xs">
            <SafeText text={failure.message} />
          </p>
        </EmptyState>
      </div>
    );
  }
}
