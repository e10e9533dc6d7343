import { usage } from '../command-line.ts';
import { withHub, type Context } from '../context.ts';

/** Filters that have a name: list, save, remove. */
export async function filters(context: Context): Promise<number> {
  const { line, output } = context;
  const [verb = 'list', name, ...words] = line.words;
  const filter = words.join(' ');
  if (verb !== 'list' && verb !== 'save' && verb !== 'remove') {
    throw usage(`filters does not know ${JSON.stringify(verb)}.`);
  }
  if (verb === 'list' ? name !== undefined : name === undefined) {
    throw usage(verb === 'list' ? 'filters list takes nothing more.' : 'Which filter? Give its name.');
  }
  if (verb === 'save' && filter === '') throw usage('Give the filter after its name, in quotes.');
  if (verb === 'remove' && filter !== '') throw usage('filters remove takes one name.');
  const saved = await withHub(context, async ({ api }) => {
    if (verb === 'save') await api.filters.save({ name: name!, filter });
    if (verb === 'remove') await api.filters.remove({ name: name! });
    return api.filters.list();
  });
  if (output.wantsJson) output.json(saved);
  else if (saved.length === 0) output.say('There are no saved filters.');
  else output.table(saved.map((row) => [row.name, row.filter]));
  return 0;
}
