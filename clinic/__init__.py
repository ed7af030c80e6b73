"""Where care happens (科室、医生、诊室、床位) and what it costs (价目)."""
