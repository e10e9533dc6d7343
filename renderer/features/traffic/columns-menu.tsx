import { Columns3 } from 'lucide-react';
import { messages } from '../../messages/messages.ts';
import { IconButton } from '../../ui/button.tsx';
import { Menu, MenuCheck, MenuGroup, MenuItem, MenuSeparator } from '../../ui/menu.tsx';
import { DEFAULT_COLUMNS, toggleColumn } from './column-layout.ts';
import { changeView, useTrafficView } from './traffic-view-store.ts';

const text = messages.traffic;

/** Which columns there are, and how the list is drawn. */
export function ColumnsMenu() {
  const { columns, collapsesRuns, showsHistogram } = useTrafficView();
  return (
    <Menu trigger={<IconButton label={text.view.menu} icon={<Columns3 className="size-4" />} />}>
      <MenuGroup label={text.view.columns}>
        {columns.order.map((id) => (
          <MenuCheck
            key={id}
            isChecked={!columns.hidden.includes(id)}
            // A row without it says nothing.
            isDisabled={id === 'method'}
            onToggle={() => changeView({ columns: toggleColumn(columns, id) })}
          >
            {text.columns[id]}
          </MenuCheck>
        ))}
      </MenuGroup>
      <MenuItem onSelect={() => changeView({ columns: DEFAULT_COLUMNS })}>{text.view.reset}</MenuItem>
      <MenuSeparator />
      <MenuCheck isChecked={collapsesRuns} onToggle={() => changeView({ collapsesRuns: !collapsesRuns })}>
        {text.view.collapse}
      </MenuCheck>
      <MenuCheck isChecked={showsHistogram} onToggle={() => changeView({ showsHistogram: !showsHistogram })}>
        {text.view.histogram}
      </MenuCheck>
    </Menu>
  );
}
