"""What staff run: build, check, grade, rehearse. No lesson and no file of vilib imports it."""
