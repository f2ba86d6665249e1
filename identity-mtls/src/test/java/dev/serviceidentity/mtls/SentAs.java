// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import java.io.Serial;
import java.math.BigInteger;
import java.security.Principal;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.Set;

/** A certificate that goes over the wire as other bytes, good ones or not. */
final class SentAs extends X509Certificate {
  @Serial private static final long serialVersionUID = 1L;

  private final X509Certificate good;
  private final byte[] bytes;

  SentAs(X509Certificate good, byte[] bytes) {
    this.good = good;
    this.bytes = bytes.clone();
  }

  @Override
  public byte[] getEncoded() {
    return bytes.clone();
  }

  @Override
  public PublicKey getPublicKey() {
    return good.getPublicKey();
  }

  @Override
  public void verify(PublicKey key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void verify(PublicKey key, String provider) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void checkValidity() {}

  @Override
  public void checkValidity(Date date) {}

  @Override
  public int getVersion() {
    return good.getVersion();
  }

  @Override
  public BigInteger getSerialNumber() {
    return good.getSerialNumber();
  }

  @Override
  @SuppressWarnings("deprecation")
  public Principal getIssuerDN() {
    return good.getIssuerDN();
  }

  @Override
  @SuppressWarnings("deprecation")
  public Principal getSubjectDN() {
    return good.getSubjectDN();
  }

  @Override
  public Date getNotBefore() {
    return good.getNotBefore();
  }

  @Override
  public Date getNotAfter() {
    return good.getNotAfter();
  }

  @Override
  public byte[] getTBSCertificate() {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] getSignature() {
    return good.getSignature();
  }

  @Override
  public String getSigAlgName() {
    return good.getSigAlgName();
  }

  @Override
  public String getSigAlgOID() {
    return good.getSigAlgOID();
  }

  @Override
  public byte[] getSigAlgParams() {
    return good.getSigAlgParams();
  }

  @Override
  public boolean[] getIssuerUniqueID() {
    return good.getIssuerUniqueID();
  }

  @Override
  public boolean[] getSubjectUniqueID() {
    return good.getSubjectUniqueID();
  }

  @Override
  public boolean[] getKeyUsage() {
    return good.getKeyUsage();
  }

  @Override
  public int getBasicConstraints() {
    return good.getBasicConstraints();
  }

  @Override
  public boolean hasUnsupportedCriticalExtension() {
    return good.hasUnsupportedCriticalExtension();
  }

  @Override
  public Set<String> getCriticalExtensionOIDs() {
    return good.getCriticalExtensionOIDs();
  }

  @Override
  public Set<String> getNonCriticalExtensionOIDs() {
    return good.getNonCriticalExtensionOIDs();
  }

  @Override
  public byte[] getExtensionValue(String oid) {
    return good.getExtensionValue(oid);
  }

  @Override
  public String toString() {
    return "SentAs[" + bytes.length + " bytes]";
  }
}
