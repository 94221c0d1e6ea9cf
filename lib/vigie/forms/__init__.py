"""Forms that managers finish: a questionnaire made from the referentiels, a widget that shows it, a session that stores
each change."""
