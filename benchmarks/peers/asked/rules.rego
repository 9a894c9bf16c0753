# Rego, in the customary shape: what is denied, and nothing of what is not.
package peers

import rego.v1

within(done, start, days) if done < (start - (start % 1440)) + ((days + 1) * 1440)

received := input.reports[0].received

deny contains "missing-child-recorded-as-missing" if {
	"missing" in input.concerns
	some e in input.missing_episodes
	not e.recorded_as_missing == true
}

deny contains "online-grade-fits-household" if {
	"online abuse" in input.concerns
	some s in input.suspects
	s.lives_with_children == true
	not s.online_risk in {"very high", "high"}
}

deny contains "abuse-pursued-as-cause" if {
	"child death" in input.concerns
	not abuse_pursued
}

abuse_pursued if {
	some e in input.enquiries
	e.type == "abuse as a cause"
}

deny contains "decision-has-reason" if {
	some d in input.decisions
	not has_reason(d)
}

has_reason(d) if {
	d.made
	d.rationale
}

deny contains "medical-considers-abuse" if {
	some m in input.medicals
	m.held
	not m.abuse_considered == true
}

deny contains "arrest-within-limit" if {
	not online_alone
	some s in input.suspects
	not arrested_in_time(s)
}

online_alone if {
	"online abuse" in input.concerns
	count({c | some c in input.concerns; c in {"sexual abuse", "sexual exploitation", "physical abuse"}}) == 0
}

arrested_in_time(s) if {
	start := max([t | some t in [received, object.get(s, "identified_on", received)]; is_number(t)])
	done := min([t | some t in [object.get(s, "arrested", null), object.get(s, "voluntary_interview", null)]; is_number(t)])
	risk_allows(s.risk, done, start)
}

risk_allows("high", done, start) if done <= start + 1440

risk_allows("medium", done, start) if within(done, start, 3)

risk_allows("low", done, start) if within(done, start, 7)

deny contains "sign-referred" if {
	some g in input.signs
	not referred_in_time(g)
}

referred_in_time(g) if {
	is_number(g.referred)
	is_number(g.noticed)
	within(g.referred, g.noticed, 1)
}

deny contains "child-made-safe" if {
	not child_death
	some c in input.children
	not made_safe_in_time(c)
}

child_death if "child death" in input.concerns

made_safe_in_time(c) if {
	is_number(c.made_safe)
	start := max([t | some t in [received, object.get(c, "significant_harm_suspected_known", received)]; is_number(t)])
	within(c.made_safe, start, 1)
}
