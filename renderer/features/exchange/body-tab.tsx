import type { RefObject } from 'react';
import type { Exchange, ExchangeDetail } from '../../../shared/model/exchange.ts';
import { messages } from '../../messages/messages.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { BodySection } from './body-section.tsx';
import { FindBox } from './find-box.tsx';
import { useBody } from './use-body.ts';
import { useBodyFind } from './use-body-find.ts';
import type { BodyForm } from './view-state.ts';

const text = messages.exchange;

const FORMS: readonly { value: BodyForm; label: string }[] = [
  { value: 'pretty', label: text.pretty },
  { value: 'raw', label: text.raw },
];

interface BodyTabProps {
  detail: ExchangeDetail;
  form: BodyForm;
  onForm(form: BodyForm): void;
  findInput: RefObject<HTMLInputElement | null>;
}

/** Request and response beside each other where there is room, else one above the other. */
export function BodyTab({ detail, form, onForm, findInput }: BodyTabProps) {
  const { exchange } = detail;
  const isNotification = exchange.kind === 'notification';
  const isRaw = form === 'raw';
  const request = useBody(detail.request);
  const response = useBody(detail.response);
  const find = useBodyFind(request, response, isRaw);
  const half = 'flex-[0_1_auto] @[40rem]:flex-[1_1_0] min-h-20';
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex items-center gap-2 border-b border-line px-3 py-1">
        <Segmented<BodyForm> label={text.view} options={FORMS} value={form} onChange={onForm} />
        <span className="flex-1" />
        <FindBox find={find} inputRef={findInput} />
      </div>
      <div className="flex min-h-0 flex-1 flex-col @[40rem]:flex-row @[40rem]:divide-x divide-line">
        <BodySection
          title={isNotification ? text.notification : text.request}
          copyLabel={isNotification ? text.copyBody : text.copyRequest}
          read={request}
          isRaw={isRaw}
          missing={text.noBody}
          query={find.marked}
          match={find.request}
          className={half}
        />
        {!isNotification && (
          <BodySection
            title={text.response}
            copyLabel={text.copyResponse}
            read={response}
            isRaw={isRaw}
            missing={missingResponse(exchange)}
            query={find.marked}
            match={find.response}
            className={`${half} grow border-line @max-[40rem]:border-t`}
          />
        )}
      </div>
    </div>
  );
}

function missingResponse({ outcome, responseBytes }: Exchange): string {
  if (outcome === 'pending') return text.waiting;
  return responseBytes === null ? text.noResponse : text.noBody;
}
