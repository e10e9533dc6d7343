import { quoteIfNeeded } from '../../shared/filter/complete-filter.ts';
import type { NameField } from '../../shared/filter/filter.ts';

/** `field:value` for the filter box, quoted where the value would otherwise end early or match more. */
export const filterTerm = (field: NameField, value: string): string => `${field}:${quoteIfNeeded(value)}`;
