import { implement } from '@orpc/server';
import { contract } from '../../../shared/contract/contract.ts';
import type { CallContext } from './call-context.ts';
import { asCallError } from './call-errors.ts';
import type { HubServices } from './hub-services.ts';

export type Implementer = ReturnType<typeof implementContract>;

/** The contract, ready for handlers: every failure leaves as an ErrorInfo in `error.data`. */
export const implementContract = ({ loop }: Pick<HubServices, 'loop'>) =>
  implement(contract)
    .$context<CallContext>()
    .use(async ({ next, path }) => {
      try {
        return await loop.during(`api ${path.join('.')}`, next);
      } catch (error) {
        throw asCallError(error);
      }
    });
