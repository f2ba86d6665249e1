// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.kerby.kerberos.kerb.KrbCodec;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.common.EncryptionUtil;
import org.apache.kerby.kerberos.kerb.common.KrbUtil;
import org.apache.kerby.kerberos.kerb.crypto.EncryptionHandler;
import org.apache.kerby.kerberos.kerb.keytab.Keytab;
import org.apache.kerby.kerberos.kerb.type.KerberosTime;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionKey;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionType;
import org.apache.kerby.kerberos.kerb.type.base.KeyUsage;
import org.apache.kerby.kerberos.kerb.type.base.KrbError;
import org.apache.kerby.kerberos.kerb.type.base.KrbMessage;
import org.apache.kerby.kerberos.kerb.type.base.PrincipalName;
import org.apache.kerby.kerberos.kerb.type.kdc.AsRep;
import org.apache.kerby.kerberos.kerb.type.kdc.AsReq;
import org.apache.kerby.kerberos.kerb.type.kdc.EncAsRepPart;
import org.apache.kerby.kerberos.kerb.type.kdc.KdcOptions;
import org.apache.kerby.kerberos.kerb.type.kdc.KdcReqBody;
import org.apache.kerby.kerberos.kerb.type.pa.PaData;
import org.apache.kerby.kerberos.kerb.type.pa.PaDataEntry;
import org.apache.kerby.kerberos.kerb.type.pa.PaDataType;
import org.apache.kerby.kerberos.kerb.type.pa.PaEncTsEnc;

/**
 * A login by hand, with an encrypted time stamp (RFC 4120 section 3.1). Kerby's own client keeps
 * the options of a request in enums, so that two tests at once would mix them up.
 */
record AsExchange(EmbeddedKdc kdc) {
  private static final EncryptionType TYPE = EncryptionType.AES256_CTS_HMAC_SHA1_96;

  static AsExchange with(EmbeddedKdc kdc) {
    return new AsExchange(kdc);
  }

  EncAsRepPart login(String principal, Path keytab) throws IOException, KrbException {
    EncryptionKey key =
        Keytab.loadKeytab(keytab.toFile()).getKey(new PrincipalName(principal), TYPE);
    return login(principal, key);
  }

  EncAsRepPart login(String principal, String password) throws IOException, KrbException {
    String salt = PrincipalName.makeSalt(new PrincipalName(principal));
    return login(principal, EncryptionHandler.string2Key(password, salt, null, TYPE));
  }

  private EncAsRepPart login(String principal, EncryptionKey key) throws IOException, KrbException {
    KrbMessage answer = send(request(new PrincipalName(principal), key));
    if (answer instanceof KrbError error) {
      throw new KrbException(error.getErrorCode(), error.getEtext());
    }
    return EncryptionUtil.unseal(
        ((AsRep) answer).getEncryptedEncPart(), key, KeyUsage.AS_REP_ENCPART, EncAsRepPart.class);
  }

  private AsReq request(PrincipalName client, EncryptionKey key) throws KrbException {
    long now = Clock.systemUTC().millis();
    var body = new KdcReqBody();
    body.setKdcOptions(new KdcOptions());
    body.setCname(client);
    body.setSname(KrbUtil.makeTgsPrincipal(kdc.realm()));
    body.setRealm(kdc.realm());
    body.setTill(new KerberosTime(now + Duration.ofDays(7).toMillis()));
    body.setNonce(1);
    body.setEtypes(List.of(TYPE));
    var stamp = new PaEncTsEnc();
    stamp.setPaTimestamp(new KerberosTime(now));
    stamp.setPaUsec(0);
    var sealed = EncryptionUtil.seal(stamp, key, KeyUsage.AS_REQ_PA_ENC_TS);
    var proof = new PaData();
    proof.addElement(new PaDataEntry(PaDataType.ENC_TIMESTAMP, KrbCodec.encode(sealed)));
    var request = new AsReq();
    request.setPaData(proof);
    request.setReqBody(body);
    return request;
  }

  /** Over TCP, each message after its length (RFC 4120 section 7.2.2). */
  private KrbMessage send(AsReq request) throws IOException, KrbException {
    byte[] bytes = KrbCodec.encode(request);
    try (var socket = new Socket(kdc.address().getAddress(), kdc.address().getPort())) {
      var out = new DataOutputStream(socket.getOutputStream());
      out.writeInt(bytes.length);
      out.write(bytes);
      out.flush();
      var in = new DataInputStream(socket.getInputStream());
      return KrbCodec.decodeMessage(ByteBuffer.wrap(in.readNBytes(in.readInt())));
    }
  }
}
