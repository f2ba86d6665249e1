// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static dev.serviceidentity.mtls.spiffe.SvidChoice.refused;

import com.google.protobuf.CodedOutputStream;
import dev.serviceidentity.identity.IdentityException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Writes a JWTSVIDRequest for one audience and reads its JWTSVIDResponse. */
final class JwtSvidReader implements Latest.Reader<JwtSvid> {
  // In a JWTSVIDRequest.
  private static final int AUDIENCE = 1;
  private static final int SPIFFE_ID = 2;

  private static final int SVIDS = 1;

  /** In a JWTSVID. */
  private static final int TOKEN = 2;

  private final WorkloadApi api;
  private final SvidChoice choice;
  private final String audience;
  private final Clock clock;

  JwtSvidReader(WorkloadApi api, SvidChoice choice, String audience, Clock clock) {
    this.api = api;
    this.choice = choice;
    this.audience = audience;
    this.clock = clock;
  }

  byte[] request() {
    var bytes = new ByteArrayOutputStream();
    try {
      var out = CodedOutputStream.newInstance(bytes);
      out.writeString(AUDIENCE, audience);
      if (choice.id() != null) {
        out.writeString(SPIFFE_ID, choice.id());
      }
      out.flush();
    } catch (IOException e) {
      throw new IllegalStateException("A stream in memory takes all", e);
    }
    return bytes.toByteArray();
  }

  @Override
  public JwtSvid read(byte[] message, @Nullable JwtSvid earlier) {
    try {
      var svids = new ArrayList<WireMessage>();
      for (byte[] each : WireMessage.parse(message).all(SVIDS)) {
        svids.add(WireMessage.parse(each));
      }
      return svid(choice.from(svids, api));
    } catch (IOException e) {
      throw refused(api, "has sent something that is no answer", "see the agent's log");
    }
  }

  private JwtSvid svid(SvidChoice.Chosen chosen) {
    String text = chosen.svid().text(TOKEN);
    try {
      JwtSvidToken token = JwtSvidToken.parse(text);
      Instant now = clock.instant();
      if (!token.subject().equals(chosen.id())) {
        throw wrong(chosen, "for " + token.subject());
      }
      if (!token.claims().getAudience().contains(audience)) {
        throw wrong(chosen, "for another audience than " + audience);
      }
      if (!now.isBefore(token.expiresAt())) {
        throw wrong(chosen, "that ended at " + token.expiresAt() + " while it is " + now);
      }
      return new JwtSvid(chosen.id(), now, token.expiresAt(), text);
    } catch (RefusedTokenException e) {
      throw wrong(chosen, "that is none: " + e.rejection() + ", " + e.detail());
    }
  }

  private IdentityException wrong(SvidChoice.Chosen chosen, String what) {
    return refused(
        api, "has sent a JWT-SVID of " + chosen.id() + " " + what, "see the agent's log");
  }
}
