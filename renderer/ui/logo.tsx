/** The mark: two jacks and the cable that joins them. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" fill="none" aria-hidden="true" className={className}>
      <path
        d="M6 5.5h4.5c7 0-4 13 3 13H18"
        className="stroke-accent"
        strokeWidth="2.5"
        strokeLinecap="round"
      />
      <circle cx="5" cy="5.5" r="3.25" className="fill-canvas stroke-ink" strokeWidth="2" />
      <circle cx="19" cy="18.5" r="3.25" className="fill-canvas stroke-ink" strokeWidth="2" />
      <circle cx="5" cy="5.5" r="1.1" className="fill-accent" />
      <circle cx="19" cy="18.5" r="1.1" className="fill-accent" />
    </svg>
  );
}
