# python3, cryptography 38 or later
import hashlib
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
root=bytes(range(32))
def h(b,key=b""): return hashlib.blake2b(b,digest_size=32,key=key).digest()
n=lambda i:i.to_bytes(8,"little",signed=True)
t=lambda s:n(-1) if s is None else n(len(s.encode()))+s.encode()
at=1700000000123456
e=bytes(32)+n(1)+n(at)+n(7)+n(3)+t("Asha Patel")+t("consult")+t("concern")+n(41)+n(0)+t("prevent-crime")+n(2)+t(None)+t("done")+t("")
e1=h(e)
e=e1+n(2)+n(at+86400000000)+n(0)+n(0)+t("the public")+t("sign-in")+t("")+n(0)+n(0)+t(None)+n(0)+t(None)+t("refused")+t("Llŷr")
e2=h(e)
print(e1.hex());print(e2.hex())
print("mac",h(n(2)+e2,h(b"audit",root)).hex())
k=Ed25519PrivateKey.from_private_bytes(h(b"sign",root))
print("pub",k.public_key().public_bytes(Encoding.Raw,PublicFormat.Raw).hex())
print("sig",k.sign(f"Trefoil audit head, day {at//86400000000}, entry 1, hash {e1.hex()}".encode()).hex(), at//86400000000)
