//! Published change to signed request to outcome: signing, schedule, endpoint health.
