const WIDTH = 96;
const HEIGHT = 18;

/** Calls per slice of time as a small area; the label says in words what it shows. */
export function Sparkline({ values, label }: { values: readonly number[]; label: string }) {
  const peak = Math.max(1, ...values);
  const step = values.length > 1 ? WIDTH / (values.length - 1) : WIDTH;
  const points = values.map(
    (value, index) =>
      `${(index * step).toFixed(1)} ${(HEIGHT - 1 - (value / peak) * (HEIGHT - 3)).toFixed(1)}`,
  );
  const line = `M${points.join('L')}`;
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      preserveAspectRatio="none"
      className="block"
    >
      {values.length > 1 && (
        <>
          <path d={`${line}L${WIDTH} ${HEIGHT}L0 ${HEIGHT}Z`} className="fill-accent-soft" />
          <path d={line} fill="none" className="stroke-accent" strokeWidth="1.25" strokeLinejoin="round" />
        </>
      )}
    </svg>
  );
}
